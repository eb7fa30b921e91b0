"""Maps: folium draws the frame, a constant script draws the data."""
