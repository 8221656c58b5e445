"""The `sails` command: a private database, a private broker and supervised processes, all local."""
