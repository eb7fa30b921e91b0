"""The network of relations: frames in, networkx graphs and tables out. Pure, no input or output."""
