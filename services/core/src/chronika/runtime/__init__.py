"""Runs stages: settings, plug-ins, the seam around a stage, worker processes, the embedded runner, health."""
