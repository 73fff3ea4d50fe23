UPDATE album_link SET verified_at = :at WHERE path = :path
