from tests.helpers.desks import clock, profile, synced_post

__all__ = ["clock", "profile", "synced_post"]
