"""Reports: consumers of the engine's event stream."""
