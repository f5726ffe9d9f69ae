"""What the commands share: options, reports, progress, the language of a run."""
