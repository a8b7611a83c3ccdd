"""What the runtime asks of the services: stages, language packs, sources, stores. Protocols and values, no machinery."""
