"""The pytest plugin, its reports and its fixtures."""
