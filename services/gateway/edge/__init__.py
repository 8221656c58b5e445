"""The HTTP edge: a request read strictly, its route, its answer and the problems in it."""
