from tests.helpers.desks import clock, desk, profile, synced_post

__all__ = ["clock", "desk", "profile", "synced_post"]
