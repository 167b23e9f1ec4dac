"""Embeddings: the routes of Azure OpenAI for them, and what makes the vectors, which is lexical unless a server with a model is named."""
