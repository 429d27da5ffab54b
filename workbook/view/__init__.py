"""The only place that rounds, words or draws."""
