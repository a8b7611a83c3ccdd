"""What the runtime asks of the services: stages, language packs, sources, stores. No machinery."""
