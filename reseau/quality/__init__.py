"""How good and how fresh a sheet is: pure, frames in, frames out."""
