"""Forms in which documents and events are printed."""
