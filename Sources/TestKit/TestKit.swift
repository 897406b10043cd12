// The room TestKit; its leading file says what comes in and what goes out.
