"""How well detection does on labelled items: ``make eval`` measures and writes EVALUATION.md."""
