"""The models that run a network, and the choice between them: the same log from either."""
