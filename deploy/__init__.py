"""Everything that puts the platform on a machine: the local runner, sandboxes, images, charts."""
