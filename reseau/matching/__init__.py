"""Which records may be the same place: pure, frames in, frames out."""
