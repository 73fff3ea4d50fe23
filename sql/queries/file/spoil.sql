UPDATE holding SET revision = '' WHERE file = :file
