"""A reader that wants more of the processor than it is given."""

import resource

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass
