"""What the project speaks of: documents and their layers, events, errors. Pure values."""
