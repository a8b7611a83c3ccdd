"""What the project speaks of: documents and their layers, events, errors. Pure values; imports nothing of the project."""
