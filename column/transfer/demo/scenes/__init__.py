"""The demo's photos: flat-colour scenes of the city, drawn by Pillow, each with what a photo must say."""
