"""The Discord front door. Its place: messages will come in through workflows.front_door, as the command line's do."""
