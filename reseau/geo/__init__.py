"""Places and distances: pure functions, frames in, frames out. Metric work is done in a metric CRS."""
