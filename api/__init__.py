"""The HTTP front door. Its place: requests will come in through workflows.front_door, as the command line's do."""
