"""Sectors and places of aid: their codes and names, as the Development Assistance Committee has."""
