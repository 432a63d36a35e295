"""Property suites: Hypothesis searches, and shrinks what it finds to the shortest example."""
