"""How a running process is watched: health, metrics, logs. Knows no service and no queue."""
