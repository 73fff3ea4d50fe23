-- Whether an item is called as the XMP file of that picture would be. It need not be there yet.
SELECT EXISTS (
       SELECT 1
         FROM file
         JOIN holding ON holding.file = file.id
         JOIN place AS own ON own.item = holding.item AND own.ordinal = 0
         JOIN place AS other ON other.folder = own.folder AND other.name = own.name || '.xmp'
        WHERE file.path = :picture) AS known
