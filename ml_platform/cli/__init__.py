"""The command line `ml-platform`, one module per command. May import everything."""
