SELECT number FROM export_part WHERE export = :export AND series = :series AND gone = 1 AND state = 'read'
