"""What Réseau speaks about, in plain Python: no third-party package here."""
