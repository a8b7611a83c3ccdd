"""Finds sentences, tokens, parts of speech, features, lemmas, trees and names."""
