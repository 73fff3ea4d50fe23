SELECT json FROM sidecar WHERE id = :id
