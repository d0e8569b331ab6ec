"""What a training window holds, as figures and as a page: tables in, documents out. Imports no other stage."""
