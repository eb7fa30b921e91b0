"""The page of measures: table, priorities, expressed needs, comparisons."""
