"""Speed, measured beside an alternative in the same run; never asserted in tests."""
