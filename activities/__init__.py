"""One effect each: the only code that talks to the outside."""
