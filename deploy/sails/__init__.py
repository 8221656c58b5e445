"""The `sails` command: a private database, a private broker and supervised processes, all local."""

import warnings

# The command line imports parts of the messaging library, which import eventlet: its notice is
# for developers, not for whoever runs the platform.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
