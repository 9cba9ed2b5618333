"""Words of a language that reading texts needs: data that people can read and correct."""
