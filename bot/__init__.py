"""The Discord front door. Messages come in through `workflows.front_door`, as the command line's do.

`client` is the bot; `messages` reads what Discord delivers, `intake` decides and starts, `answers` says so; `sweep`
finds what was not delivered, `amendments` hears of edits and deletions, `absence` of those while the bot was away,
`outage` says when nothing can be taken, `operators` is the channel of those who answer for it, `checks` says what the
bot lacks. `commands` are the slash commands, `rights` says who may use them; `used` and `denied` have it written down
when somebody does, or may not.
"""
