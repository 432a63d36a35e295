"""The mistakes as small transformations of the correct signing path; see ``element`` for the pipeline."""
