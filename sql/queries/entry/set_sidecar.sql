UPDATE entry SET sidecar = :sidecar WHERE id = :id
