"""Page depth against time: keyset, OFFSET, and a widely used keyset pager, on both databases."""
