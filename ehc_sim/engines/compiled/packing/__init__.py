"""Packs a network and a draw into the memory in which the event loop works."""
