// The room SQLText; its leading file says what comes in and what goes out.
