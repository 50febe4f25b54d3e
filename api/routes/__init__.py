"""The routes, one module an area. Each reads its request, asks a door, and answers with what the door said."""
