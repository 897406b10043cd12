// The room Program; its leading file says what comes in and what goes out.
