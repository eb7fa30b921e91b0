"""The waiting-room bundle: what residents see, made from the directory. Pure: frames in, files out."""
