"""Names of people in a language: data that people can read and correct."""
