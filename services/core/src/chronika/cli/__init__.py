"""The `chronika` command: it prints, the rest logs. Every command is a module of its name."""
