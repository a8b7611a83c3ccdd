"""What Chronika knows of languages, as data: a folder a language with the same files, and models that serve several."""
